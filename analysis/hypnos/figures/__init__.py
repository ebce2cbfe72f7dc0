"""What the figure scripts of several papers share: the quantities they draw, under one colour each."""
