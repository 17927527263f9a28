"""MIME types that several scripts know."""

PLOT = "application/vnd.plotly.v1+json"
