"""Labels in the words of others: the mission's policy told, markings and STANAG 4774 read and written."""
