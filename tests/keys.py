"""The keys that tests seal with what people type into secret fields."""

from cryptography.fernet import Fernet

from bot.vault import Vault

KEY = Fernet.generate_key().decode()
VAULT = Vault([KEY])
