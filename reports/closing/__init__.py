"""The month's close: figures and the records behind them are frozen, and restated when the log changed."""
