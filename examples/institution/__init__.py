"""Sekolah Contoh, and whoever else knows ages: answers "this age or over?" by a signed yes or no."""
