"""Small programs that stand outside of Ruang Aman: a platform, and an office that gives verdicts."""
