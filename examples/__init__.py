"""Small programs that stand outside of Ruang Aman: a platform, a gate, a wallet, and offices that give verdicts."""
