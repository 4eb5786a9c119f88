"""What moves with prices: one store in the browser feeds every place that shows one."""
