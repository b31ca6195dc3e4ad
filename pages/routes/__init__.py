"""Plain HTTP beside Streamlit: share addresses, cookies, document bytes, exports, health."""
