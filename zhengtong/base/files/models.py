from django.db import models


class StoredFile(models.Model):
    """文件. The bytes lie under the name of their own hash, so that the same file sent twice is kept once.

    Names that people gave it stand beside each use, never here.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)  # as sniffed from the content
    created_at = models.DateTimeField(db_index=True)  # the orphan sweep asks for what is old enough

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.media_type}"
