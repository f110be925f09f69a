"""Z3 on the same rules as `benches/packet_set.rs`: two groups of 1,000 rules compared, with a witness.

pip install z3-solver
python benches/peers/z3_rules.py [ROUNDS]

Prints, for each shape, the median time of the whole comparison and of the solver alone.
"""

import statistics
import sys
import time

import z3

MASK = (1 << 64) - 1


class Random:
    """SplitMix64, as in the benchmark."""

    def __init__(self, seed):
        self.state = seed

    def below(self, end):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % end

    def prefix(self, shortest):
        length = shortest + self.below(29 - shortest)
        mask = (0xFFFFFFFF << (32 - length)) & 0xFFFFFFFF
        first = (0x0A000000 | self.below(1 << 24)) & mask
        return first, first | (mask ^ 0xFFFFFFFF)


def rules(count, shortest, seed):
    random = Random(seed)
    made = []
    for _ in range(count):
        port = random.below(2000)
        width = random.below(50)
        source = random.prefix(shortest)
        destination = random.prefix(shortest)
        protocol = 6 if random.below(2) == 0 else 17
        made.append([source, destination, protocol, (port, port + width), random.below(2) == 0])
    return made


def allowed(packet, of):
    source, destination, protocol, port = packet

    def within(field, ends):
        return z3.And(z3.ULE(ends[0], field), z3.ULE(field, ends[1]))

    answer = z3.BoolVal(False)
    for from_, to, number, ports, allows in reversed(of):
        matches = z3.And(
            within(source, from_), within(destination, to), protocol == number, within(port, ports)
        )
        answer = z3.If(matches, z3.BoolVal(allows), answer)
    return answer


def compare(before, after):
    start = time.perf_counter()
    sizes = [("source", 32), ("destination", 32), ("protocol", 8), ("port", 16)]
    packet = [z3.BitVec(name, size) for name, size in sizes]
    solver = z3.SolverFor("QF_BV")
    solver.add(allowed(packet, before) != allowed(packet, after))
    asked = time.perf_counter()
    found = solver.check()
    if found == z3.sat:
        solver.model()
    end = time.perf_counter()
    return end - start, end - asked, found


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for name, shortest in [("broad", 8), ("narrow", 20)]:
        before, after = rules(1000, shortest, 4), rules(1000, shortest, 4)
        after[900][4] = not after[900][4]
        times = [compare(before, after) for _ in range(rounds)]
        whole = statistics.median(time for time, _, _ in times)
        alone = statistics.median(time for _, time, _ in times)
        print(f"{name}: {whole * 1000:.0f} ms, solver alone {alone * 1000:.0f} ms, {times[0][2]}")


main()
