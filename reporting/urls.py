"""Which addresses does this floor answer?"""

urlpatterns: list = []
