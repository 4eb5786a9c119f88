"""The page that makes data: what is to be simulated, how one signal of it looks, and the making."""
