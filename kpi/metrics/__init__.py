"""KPI arithmetic: facts and a period in, a value with its uncertainty out. One file per KPI; `catalog` lists them."""
