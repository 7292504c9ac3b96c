// In which order answers stand: by a seed, so that the same device shows them the same way each time. Nothing is chosen here
// that must be secret. The plain truth beside it is tests/laws/test_device_rules.py.

/** Of a text, 32 bits (FNV-1a over its UTF-8 bytes). */
export function seedOf(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Places 0..count-1, mixed by Fisher and Yates with the numbers of mulberry32. */
export function order(text, count) {
  let state = seedOf(text);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const places = Array.from({ length: count }, (_, place) => place);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [places[last], places[other]] = [places[other], places[last]];
  }
  return places;
}
