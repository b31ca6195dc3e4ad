"""What people see: the only home of Streamlit, Starlette, plotly and pandas."""
