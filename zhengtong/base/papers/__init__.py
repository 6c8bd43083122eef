"""Turns a typst template and plain data into a PDF. Knows paper, ink and fonts; knows no case and no law."""

from zhengtong.base.papers.rendering import render

__all__ = ["render"]
