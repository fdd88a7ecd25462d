"""Ten people at random keys for months: what holds for every step is looked at after each.

    make monkey                               # some minutes, with a seed nobody chose
    make monkey ARGS="--seed 7 --steps 5000 --database postgres"

`typing` is what they type, `playing` what they do, `looking` what must hold whatever they did.
"""
