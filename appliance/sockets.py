"""Names of the Unix sockets by which the programs find one another."""

from pathlib import Path


def media_socket(runtime_dir: Path, worker: int) -> Path:
    """Where a media process, counted from 1, listens for web."""
    return runtime_dir / ("media.sock" if worker == 1 else f"media-{worker}.sock")
