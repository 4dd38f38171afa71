"""The relay: forwards packets between browsers, never decodes, never records.

Knows no visit and no database, only opaque ids and routes.
"""
