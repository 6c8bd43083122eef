"""Finding things by Chinese words, pinyin, initials and English words, alike on both databases."""

from zhengtong.base.search.entries import Texts, index, index_many, remove, search

__all__ = ["Texts", "index", "index_many", "remove", "search"]
