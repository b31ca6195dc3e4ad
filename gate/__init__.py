"""Who gets in, and what they may do: no Streamlit, no SQL, no database driver."""
