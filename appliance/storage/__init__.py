"""The encrypted database: one writer, keys, time, ids, fields, audit lines, migrations."""
