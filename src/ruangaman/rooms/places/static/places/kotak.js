// The square of the grid in which a position lies, as core/reports/grid.py has it. The map rounds in the browser, so that
// no position leaves it: `/kota/<city>/lapor?sel=` + cell(longitude, latitude, grid_metres of laporan.geojson).
const DEGREE = 111194.93; // metres of a degree of latitude

export function cell(longitude, latitude, metres) {
  const row = Math.floor((latitude * DEGREE) / metres);
  const middle = ((row + 0.5) * metres) / DEGREE;
  const width = metres / (DEGREE * Math.cos((middle * Math.PI) / 180));
  return `${row}:${Math.floor(longitude / width)}`;
}
