"""Files of OpenStreetMap: `read(path)` gives an `Extract`. Needs the extra `ruangaman[city]`."""
