"""Archives in memory, the same bytes each time."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping


def tar(texts: Mapping[str, str]) -> bytes:
    """A compressed tar archive of files by their paths."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, text in texts.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return gzip.compress(buffer.getvalue(), mtime=0)


def zipped(texts: Mapping[str, str]) -> bytes:
    """A zip archive of files by their paths."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in texts.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return buffer.getvalue()
