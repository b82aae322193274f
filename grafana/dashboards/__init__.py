"""The dashboards, one a file: TITLE, DESCRIPTION, SPAN, REFRESH and `panels(catalog)`."""
