"""Statistics on plain numbers: intervals, comparisons, clustering. They know nothing of KPIs."""
