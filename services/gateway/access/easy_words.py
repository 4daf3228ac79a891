"""What passwords are made of most often. Our own list, not a published one.

A word belongs here when it is often chosen for passwords, not because it is common: "battery" may stay.
"""

_WORDS = """
password passwort passwd motdepasse contrasena senha parola wachtwoord pass word code
admin administrator administrateur root user utilisateur guest invite test tester demo default master
login logon signin welcome bienvenue willkommen hello bonjour salut salam marhaba hola ciao
secret topsecret private changeme letmein opensesame access account compte security secure
qwerty qwertz azerty asdf zxcv iloveyou loveyou love amour habibi forever whatever nothing
monkey dragon tiger lion eagle wolf falcon shadow sunshine princess prince angel star moon soleil
football soccer baseball basketball hockey liverpool arsenal chelsea barcelona madrid realmadrid
superman batman spiderman starwars pokemon matrix ninja killer hunter ranger freedom liberty trustno
michael daniel jordan thomas charlie jessica ashley jennifer nicole mohammed muhammad mohamed ahmed ali
computer internet google facebook samsung apple windows microsoft linux server network office system
summer winter spring autumn ete hiver printemps automne
january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
army navy soldier officer captain colonel major general commander military force peace united nations
please thankyou sorry this that mine your mypassword newpassword oldpassword temp temporary fatima
"""

EASY = frozenset(_WORDS.split())
