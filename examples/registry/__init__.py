"""Kantor Contoh: a fictional office that says who is whose parent. No real data, no real office."""
