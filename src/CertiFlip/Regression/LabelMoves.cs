using System.Numerics;
using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip;

/// <summary>
/// How far a number aᵀy moves when labels do: each label's largest move up and down, and what the largest of them
/// amount to together. docs/soundness.md derives the rounding margins under "Numbers that are linear in labels".
/// </summary>
/// <remarks>An instance must not be used from two threads at once.</remarks>
internal sealed class LabelMoves
{
    // Of sizes for a choice by cost, which are 1 at most.
    private const double Negligible = 1e-290, Unreachable = 1e300;
    private const int MostBits = 900;

    private readonly NumericLabels _labels;
    private readonly IReadOnlyList<int> _costs;

    // How far each label can go up and down, rounded up; 0 where it is trusted.
    private readonly double[] _roomUp, _roomDown;
    private readonly LargestFirst[] _moves = [new(KernelSet.Best), new(KernelSet.Best)];

    // The row of each of these moves: those of 0 are left out.
    private readonly int[][] _rows;
    private ReadOnlyMemory<double> _weights;
    private double _rounding, _doubt;
    private int _terms;

    /// <exception cref="ArgumentException">The adversary's limits are for other labels, or are directions.</exception>
    public LabelMoves(NumericLabels labels, LabelFlipAdversary adversary)
    {
        _labels = labels;
        if (adversary.Directions.Count > 0)
            throw new ArgumentException("Directions lead from one class to another: numbers have none.", nameof(adversary));
        if (adversary.TrustedRows is [.., var last] && last >= labels.Count)
            throw new ArgumentException($"Row {last} is trusted, but there are {labels.Count} labels.", nameof(adversary));
        if (adversary.Costs.Count != 0 && adversary.Costs.Count != labels.Count)
            throw new ArgumentException($"There are {adversary.Costs.Count} costs for {labels.Count} labels.", nameof(adversary));
        _costs = adversary.HasUnitCosts ? [] : adversary.Costs;
        (_roomUp, _roomDown) = (new double[labels.Count], new double[labels.Count]);
        _rows = [new int[labels.Count], new int[labels.Count]];
        for (int row = 0; row < labels.Count; row++)
        {
            (_roomUp[row], _roomDown[row]) = (labels.HighOf(row) - labels[row], labels[row] - labels.LowOf(row));
            if (!double.IsFinite(_roomUp[row]) || !double.IsFinite(_roomDown[row]))
                throw new ArgumentException($"The range of label {row} is too wide.", nameof(labels));
        }

        foreach (int row in adversary.TrustedRows)
            (_roomUp[row], _roomDown[row]) = (0, 0);
    }

    /// <summary>The number as computed.</summary>
    public double Value { get; private set; }

    private bool HasUnitCosts => _costs.Count == 0;

    /// <summary>Takes the weights of another number.</summary>
    /// <param name="weights">The n weights, kept until the next are loaded.</param>
    /// <param name="doubt">
    /// A bound on how far the weights that are meant can take the number, and any of its moves, from what these say;
    /// finite.
    /// </param>
    /// <exception cref="ArgumentException">There are not n weights, or what they make of labels overflows.</exception>
    public void Load(ReadOnlyMemory<double> weights, double doubt = 0)
    {
        if (weights.Length != _labels.Count)
            throw new ArgumentException($"There are {weights.Length} weights, but {_labels.Count} labels.", nameof(weights));
        (_weights, _doubt) = (weights, doubt);
        ReadOnlySpan<double> a = weights.Span, y = _labels.Values;
        Span<double> up = _moves[0].Reset(a.Length), down = _moves[1].Reset(a.Length);
        double value = 0, size = 0, moved = 0;
        int terms = 0, ups = 0, downs = 0; // Zeros are added without rounding.
        for (int row = 0; row < a.Length; row++)
        {
            double term = a[row] * y[row];
            value += term;
            terms += a[row] == 0 ? 0 : 1;
            size += Math.Abs(term);
            double raise = Math.Abs(a[row]) * _roomUp[row], lower = Math.Abs(a[row]) * _roomDown[row];
            (double most, double least) = a[row] >= 0 ? (raise, lower) : (lower, raise);
            moved += raise + lower;
            (up[ups], _rows[0][ups]) = (most, row);
            ups += most == 0 ? 0 : 1;
            (down[downs], _rows[1][downs]) = (least, row);
            downs += least == 0 ? 0 : 1;
        }

        _moves[0].Truncate(ups);
        _moves[1].Truncate(downs);
        if (!double.IsFinite(size + moved + a.Length * size))
            throw new ArgumentException("Weights must be finite, and so must the sums that they make of labels.", nameof(weights));
        Value = value;
        _terms = terms;
        _rounding = (terms + 2) * Rounding.Epsilon * size + terms * double.Epsilon;
    }

    /// <summary>Where the number can lie within a budget; rounded outward.</summary>
    /// <remarks>
    /// Where labels differ in cost, the label that the budget does not quite pay for counts in part: the interval may
    /// be wider than what whole labels reach.
    /// </remarks>
    public NumberInterval Within(int budget)
    {
        if (_terms == 0 && _doubt == 0)
            return new(0, 0);
        double up = Moved(0, budget), down = Moved(1, budget), outward = _rounding + (_doubt * (1 + 4 * Rounding.Epsilon));
        double high = Value + (up + outward), low = Value - (down + outward);
        return new(Math.BitDecrement(low - Rounding.Epsilon * Math.Abs(low)), Math.BitIncrement(high + Rounding.Epsilon * Math.Abs(high)));
    }

    /// <summary>The largest budget within which the number stays in a range, and what breaks it for 1 more.</summary>
    /// <param name="range">The range.</param>
    /// <param name="isKept">Whether it is in the range at all.</param>
    /// <param name="broken">The cheapest changes that take it out; null where none do.</param>
    public Radius Survived(KeptRange range, out bool isKept, out BreakingChanges? broken)
    {
        broken = null;
        isKept = true;
        Radius survived = Radius.Any;
        for (int side = 0; side < 2; side++)
        {
            double need = range.Distance(side, Value, out double rounding);
            if (double.IsPositiveInfinity(need))
                continue;
            var left = new RoomLeft(need, rounding + (range.IsRelative ? 0 : _rounding), range, side);
            if (!IsAhead(left))
            {
                isKept = false;
                broken = null;
                return Radius.Of(0);
            }

            BreakingChanges? found = HasUnitCosts ? Fewest(left) : Cheapest(left);
            if (found is not null && Radius.Of(found.Cost - 1) < survived)
                (survived, broken) = (Radius.Of(found.Cost - 1), found);
        }

        return survived;
    }

    /// <summary>The changes of a broken range, as a witness.</summary>
    public NumericWitness WitnessOf(BreakingChanges broken)
    {
        LabelChange[] changes = [.. broken.Rows.Select(row => new LabelChange(row, _labels[row], Target(row, broken.Side)))];
        double after = Value;
        foreach (LabelChange change in changes)
            after += _weights.Span[change.Row] * (change.To - change.From);
        return new NumericWitness(Value, after, broken.Cost, changes);
    }

    private int CostOf(int row) => HasUnitCosts ? 1 : _costs[row];

    private double Target(int row, int side) => _weights.Span[row] >= 0 == (side == 0) ? _labels.HighOf(row) : _labels.LowOf(row);

    /// <summary>How far labels within a budget can move the number to one side; rounded up.</summary>
    private double Moved(int side, int budget)
    {
        LargestFirst moves = _moves[side];
        double moved = 0;
        int count = Math.Min(budget, moves.Count);
        if (HasUnitCosts)
        {
            foreach (double move in moves.First(count))
                moved += move;
        }
        else
        {
            (int Row, double Move)[] sizes = Nonzero(side);
            count = sizes.Length;
            double left = budget;
            foreach ((int row, double move) in sizes.OrderByDescending(item => item.Move / _costs[item.Row]).ThenBy(item => item.Row))
            {
                double share = Math.Min(1, left / _costs[row]);
                moved += share * move;
                left -= share * _costs[row];
                if (left <= 0)
                    break;
            }
        }

        return moved + ((count + 8) * Rounding.Epsilon * moved) + (_labels.Count * double.Epsilon);
    }

    private (int Row, double Move)[] Nonzero(int side)
    {
        ReadOnlySpan<double> a = _weights.Span;
        List<(int, double)> moves = [];
        for (int row = 0; row < a.Length; row++)
        {
            double room = a[row] >= 0 == (side == 0) ? _roomUp[row] : _roomDown[row];
            if (a[row] != 0 && room != 0)
                moves.Add((row, Math.Abs(a[row]) * room));
        }

        return [.. moves];
    }

    /// <summary>Whether the number is in the range, by whatever doubt there is, before any label is changed.</summary>
    private bool IsAhead(RoomLeft left)
    {
        double value = left.Value - _doubt;
        return Math.Abs(value) > left.Rounding + Rounding.Epsilon * _doubt ? value > 0 : left.Range.Keeps(Exactly(left).Sign);
    }

    /// <summary>The largest moves, until they are more than what is left.</summary>
    private BreakingChanges? Fewest(RoomLeft left)
    {
        LargestFirst moves = _moves[left.Side];
        double need = left.Value - _doubt, moved = 0;
        for (int made = 0; ; made++)
        {
            bool isLast = made == moves.Count;
            if (!isLast)
                moved += moves[made];
            double rounding = left.Rounding + (made + 8) * Rounding.Epsilon * (moved + _doubt) + _labels.Count * double.Epsilon;
            if (moved - rounding > need)
                return new BreakingChanges(left.Side, made + 1, Rows(made + 1));
            if (moved + rounding >= need)
                return FewestExactly(left);
            if (isLast)
                return null;
        }

        int[] Rows(int count) => [.. Enumerable.Range(0, count).Select(rank => _rows[left.Side][moves.PositionOf(rank)])];
    }

    private BreakingChanges? FewestExactly(RoomLeft left)
    {
        BigInteger need = Exactly(left);
        List<int> rows = [];
        foreach ((int row, BigInteger move) in ExactMoves(left.Side).OrderByDescending(item => item.Move).ThenBy(item => item.Row))
        {
            need -= move;
            rows.Add(row);
            if (!left.Range.Keeps(need.Sign))
                return new BreakingChanges(left.Side, rows.Count, [.. rows]);
        }

        return null;
    }

    /// <summary>The changes that cost least of those that are together more than what is left.</summary>
    private BreakingChanges? Cheapest(RoomLeft left)
    {
        (int Row, double Move)[] moves = Nonzero(left.Side);
        if (moves.Length == 0)
            return null;

        // The largest becomes 1 or a little more, so that costs for sizes are in range.
        double largest = moves.Max(item => item.Move);
        int scale = largest == 0 ? 1000 : -Math.ILogB(largest);
        double[] sizes = [.. moves.Select(item => Math.Max(Negligible, Math.ScaleB(item.Move, scale)))];
        int[] costs = [.. moves.Select(item => _costs[item.Row])];
        double need = Math.Clamp(Math.ScaleB(left.Value - _doubt, scale), -Unreachable, Unreachable);
        double rounding = Math.Min(Rounding.Epsilon * Unreachable, Math.ScaleB(left.Rounding + moves.Length * double.Epsilon, scale))
            + (sizes.Length + 8) * Rounding.Epsilon * (sizes.Sum() + Math.Abs(need) + Math.ScaleB(_doubt, scale));
        int[]? chosen = CheapestCover.Find(sizes, sizes, costs, need - rounding, need - rounding);
        if (chosen is not null && !(chosen.Sum(item => sizes[item]) > need + rounding))
            return CheapestExactly(left);
        return chosen is null
            ? null
            : new BreakingChanges(
                left.Side, chosen.Sum(item => costs[item]),
                [.. chosen.OrderByDescending(item => sizes[item]).ThenBy(item => moves[item].Row).Select(item => moves[item].Row)]);
    }

    private BreakingChanges? CheapestExactly(RoomLeft left)
    {
        (int Row, BigInteger Move)[] moves = [.. ExactMoves(left.Side)];
        BigInteger need = Exactly(left), largest = moves.Max(item => item.Move);
        BigInteger enough = left.Range.Keeps(0) ? need + 1 : need;
        int excess = (int)Math.Max(0, largest.GetBitLength() - MostBits);
        double[] sizes = [.. moves.Select(item => Math.Max(Negligible, Relative(item.Move)))];
        int[] costs = [.. moves.Select(item => _costs[item.Row])];

        // Products are alike, as a rule: what none of them has need not be carried along.
        int spare = (int)moves.Min(item => (long)BigInteger.TrailingZeroCount(item.Move));
        BigInteger[] values = [.. moves.Select(item => item.Move >> spare)];
        int[]? chosen = CheapestCover.Find(sizes, values, costs, Math.Min(Unreachable, Relative(enough)), -(-enough >> spare));
        return chosen is null
            ? null
            : new BreakingChanges(
                left.Side, chosen.Sum(item => costs[item]),
                [.. chosen.OrderByDescending(item => values[item]).ThenBy(item => moves[item].Row).Select(item => moves[item].Row)]);

        double Relative(BigInteger value) => (double)(value >> excess) / (double)(largest >> excess);
    }

    /// <summary>Every move to one side that is not 0, without rounding.</summary>
    private IEnumerable<(int Row, BigInteger Move)> ExactMoves(int side)
    {
        foreach ((int row, _) in Nonzero(side))
        {
            double weight = Math.Abs(_weights.Span[row]);
            (double from, double to) = (_labels[row], Target(row, side));
            BigInteger one = ExactProduct.Of(weight, to) - ExactProduct.Of(weight, from);
            yield return (row, BigInteger.Abs(one));
        }
    }

    /// <summary>What is left to one end of a range, without rounding, less the doubt.</summary>
    private BigInteger Exactly(RoomLeft left)
    {
        BigInteger value = left.Range.End(left.Side) - ExactProduct.Of(_doubt, 1);
        if (left.Range.IsRelative)
            return value;
        int sign = left.Side == 0 ? -1 : 1;
        ReadOnlySpan<double> a = _weights.Span, y = _labels.Values;
        for (int row = 0; row < a.Length; row++)
        {
            if (a[row] != 0 && y[row] != 0)
                value += sign * ExactProduct.Of(a[row], y[row]);
        }

        return value;
    }

    /// <summary>What is left from the number to an end of a range, as computed.</summary>
    private readonly record struct RoomLeft(double Value, double Rounding, KeptRange Range, int Side);

    /// <summary>Changes that take the number out of a range.</summary>
    /// <param name="Side">0 for those that raise it, 1 for those that lower it.</param>
    /// <param name="Cost">What they cost.</param>
    /// <param name="Rows">The rows whose labels are changed, the largest moves first.</param>
    internal sealed record BreakingChanges(int Side, int Cost, IReadOnlyList<int> Rows);
}

/// <summary>Where a number should stay. The ends are sums of two doubles, meant without rounding.</summary>
internal readonly record struct KeptRange
{
    // For each side, the end as a sum; in the direction away from the range's inside.
    private (double One, double Other) Upper { get; init; }

    private (double One, double Other) Lower { get; init; }

    /// <summary>Whether the ends are distances from the number itself.</summary>
    public bool IsRelative { get; private init; }

    /// <summary>Whether the ends themselves are outside.</summary>
    private bool IsOpen { get; init; }

    /// <summary>At most so far from what it is.</summary>
    public static KeptRange Near(double tolerance) => new() { Upper = (tolerance, 0), Lower = (-tolerance, 0), IsRelative = true };

    /// <summary>At most so far from a number.</summary>
    public static KeptRange Around(double centre, double tolerance) => new() { Upper = (centre, tolerance), Lower = (centre, -tolerance) };

    /// <summary>From one number to another, which may be infinite.</summary>
    public static KeptRange Between(NumberInterval range) => new() { Upper = (range.High, 0), Lower = (range.Low, 0) };

    /// <summary>
    /// Further from a number than a tolerance, on the side of it where the value is; with no room where it is not.
    /// </summary>
    public static KeptRange Beyond(double value, double centre, double tolerance) => value > centre
        ? new() { Upper = (double.PositiveInfinity, 0), Lower = (centre, tolerance), IsOpen = true }
        : new() { Upper = (centre, -tolerance), Lower = (double.NegativeInfinity, 0), IsOpen = true };

    /// <summary>On the same side of 0.</summary>
    public static KeptRange Sign(double value) => new()
    {
        Upper = (value > 0 ? double.PositiveInfinity : 0, 0),
        Lower = (value > 0 ? 0 : double.NegativeInfinity, 0),
        IsOpen = true,
    };

    /// <summary>How far the number can go to a side, as computed.</summary>
    /// <param name="side">0 upwards, 1 downwards.</param>
    /// <param name="value">The number.</param>
    /// <param name="rounding">Bounds the rounding of this alone.</param>
    public double Distance(int side, double value, out double rounding)
    {
        (double one, double other) = side == 0 ? Upper : Lower;
        double end = one + other, left = IsRelative ? end : end - value;
        rounding = double.IsFinite(end) && !(IsRelative && other == 0)
            ? 2 * Rounding.Epsilon * (Math.Abs(one) + Math.Abs(other) + Math.Abs(value))
            : 0;
        return side == 0 ? left : -left;
    }

    /// <summary>An end without rounding, in the units of <see cref="ExactProduct"/>; upwards for both sides.</summary>
    public BigInteger End(int side)
    {
        (double one, double other) = side == 0 ? Upper : Lower;
        BigInteger end = ExactProduct.Of(one, 1) + ExactProduct.Of(other, 1);
        return side == 0 ? end : -end;
    }

    /// <summary>Whether the number is in the range where what is left of it has this sign.</summary>
    public bool Keeps(int signOfLeft) => signOfLeft > 0 || (signOfLeft == 0 && !IsOpen);
}

/// <summary>Products of doubles without rounding, as integers in units of 2⁻²¹⁴⁸.</summary>
internal static class ExactProduct
{
    private const int FractionBits = 52, LeastExponent = -1074;

    public static BigInteger Of(double a, double b)
    {
        (long mantissaA, int exponentA) = Parts(a);
        (long mantissaB, int exponentB) = Parts(b);
        return (BigInteger)((Int128)mantissaA * mantissaB) << (exponentA + exponentB);
    }

    /// <summary>A finite double as an integer times a power of 2, counted from 2⁻¹⁰⁷⁴.</summary>
    private static (long Mantissa, int Exponent) Parts(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value), mantissa = bits & ((1L << FractionBits) - 1);
        int exponent = (int)(bits >> FractionBits) & 0x7FF;
        if (exponent != 0)
            mantissa |= 1L << FractionBits;
        return (bits < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1);
    }
}
