"""From the files of a city to the folder that its pages, its brief and its plans read."""
