"""Figures drawn here, without a browser: the part of plotly's language that our figures speak, as static SVG."""
