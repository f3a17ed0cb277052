"""How many decimals a currency's amounts have (ISO 4217)."""

_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
UNUSUAL = {currency: decimals for decimals, currencies in _DECIMALS.items() for currency in currencies.split()}
"""The currencies that do not have two decimals, and how many they have."""


def exponent(currency: str) -> int:
    """Minor units are 10 to the minus this."""
    return UNUSUAL.get(currency, 2)
