"""Archives in memory, the same bytes each time."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping


def tar(texts: Mapping[str, str]) -> bytes:
    """A tar archive of files by their paths, compressed with gzip."""
    return gzip.compress(uncompressed_tar(texts), mtime=0)


def uncompressed_tar(texts: Mapping[str, str]) -> bytes:
    """A tar archive of files by their paths."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, text in texts.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def zipped(texts: Mapping[str, str]) -> bytes:
    """A zip archive of files by their paths."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in texts.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return buffer.getvalue()
