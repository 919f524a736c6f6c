using System.Numerics;
using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Collective;

/// <summary>
/// Cuts of one test row: numbers w for all flips such that flips within the budget that change the prediction have
/// Σw ≥ 1. docs/soundness.md derives them under "One adversary for all rows".
/// </summary>
/// <remarks>
/// A flip's harm δ to the margin of the winner over rival d is what it takes off it: |αⱼ|, ½|αⱼ| or nothing. For every
/// τ ≥ 0 with τr below the margin m, flips of total cost at most r that bring d past the winner have Σ(δ − τ·cost)₊ ≥
/// m − τr. So w = min(1, max over d of (δ − τ_d·cost)₊/(m_d − τ_d·r)) is a cut, whatever the τ_d are. They are chosen
/// to make Σw small for flips that adversaries were seen to make.
/// </remarks>
/// <param name="labels">The n training labels.</param>
/// <param name="allowed">What the adversary may do.</param>
internal sealed class RowCuts(ClassLabels labels, AllowedFlips allowed)
{
    // Thresholds τ that are tried: multiples of the largest δ for its cost, divided by this.
    private const int Steps = 64;

    // τr may take so much of a margin, at most: cuts beyond that are steep, and good against few flips only.
    private const double MostOfMargin = 0.97;

    // The part of an adversary's budget that is taken to be spread over all flips alike: a guard against flips that
    // have not been seen yet.
    private const double Spread = 0.1;

    // Of so many training rows the guard is made, evenly spread; cuts are computed for all.
    private const int MostSpread = 4096;

    private readonly int _classes = labels.ClassCount;
    private readonly int _stride = Math.Max(1, labels.Count / MostSpread);
    private readonly double[] _costs = CostsOf(labels, allowed);
    private readonly double[] _half = new double[labels.Count];

    // δ and cost of all flips, by class, sign of α, and how large δ is for its cost.
    private readonly Histogram _wholes = new(2 * labels.ClassCount);
    private readonly Histogram _halves = new(2 * labels.ClassCount);

    // The same of the flips that an adversary makes, by rival; the last is common to all rivals.
    private readonly Histogram _play = new(labels.ClassCount + 1);

    private readonly double[] _margins = new double[labels.ClassCount];
    private readonly bool[] _isBreakable = new bool[labels.ClassCount];
    private readonly double[] _tau = new double[labels.ClassCount];
    private readonly double[] _inverse = new double[labels.ClassCount];
    private Vote? _vote;
    private int _winner;
    private double _largest;

    /// <summary>
    /// Whether products and quotients of weights are far from overflow: rows of which this is not so are given up.
    /// </summary>
    private bool IsInRange => _largest is > 1e-100 and < 1e100;

    /// <summary>Looks at a row.</summary>
    /// <param name="vote">Its vote.</param>
    /// <param name="winner">The class that it is predicted to be.</param>
    public void Load(Vote vote, int winner)
    {
        (_vote, _winner, _largest) = (vote, winner, 0);
        for (int rival = 0; rival < _classes; rival++)
        {
            if (rival == winner)
                continue;
            var margin = new PairMargin(vote, new Pair(winner, rival));
            _margins[rival] = margin.Value - 2 * margin.Rounding;
        }

        for (int from = 0; from < _classes; from++)
            _largest = Math.Max(_largest, LargestOf(vote.WeightsOf(from), _costs.AsSpan(labels.RangeOf(from))));
        _wholes.Clear();
        _halves.Clear();
        if (!IsInRange)
            return;
        double scale = Steps / _largest;
        for (int from = 0; from < _classes; from++)
        {
            int first = labels.RangeOf(from).Start.Value;
            ReadOnlySpan<double> weights = vote.WeightsOf(from);
            for (int i = 0; i < weights.Length; i += _stride)
            {
                double size = Math.Abs(weights[i]), cost = _costs[first + i];
                int list = 2 * from + (weights[i] < 0 ? 1 : 0);
                int step = StepOf(size, cost, scale);
                _wholes.Add(list, step, size, cost, _stride);
                _halves.Add(list, step / 2, 0.5 * size, cost, _stride);
            }
        }
    }

    /// <summary>
    /// Chooses a cut against an adversary's play and adds it to sums of flips, or gives the row up: then it counts as
    /// broken whatever the flips are.
    /// </summary>
    /// <param name="budget">The budget r.</param>
    /// <param name="survived">What each rival's pair survives (K): one that survives r needs no cut.</param>
    /// <param name="target">The only rival that counts; −1 if all do.</param>
    /// <param name="play">The flips that adversaries made, each with the part of the time that it was made.</param>
    /// <param name="unit">What the row counts for, in units of the sums.</param>
    /// <param name="sums">Receives the cut times <paramref name="unit"/>, rounded up.</param>
    public void Add(int budget, ReadOnlySpan<Radius> survived, int target, PlayGuide play, double unit, FlipSums sums)
    {
        bool isBreakable = false;
        for (int rival = 0; rival < _classes; rival++)
        {
            _isBreakable[rival] = rival != _winner && (target < 0 || rival == target) && !survived[rival].Survives(budget);
            isBreakable |= _isBreakable[rival];
        }

        if (!isBreakable)
            return;
        if (!IsInRange || !TryChoose(budget, play) || CountOf(play) >= 1)
            sums.Given += Math.Ceiling(unit);
        else
            AddCut(unit, sums);
    }

    /// <summary>
    /// Adds how much each flip brings on the rival that is nearest to coming past, after an attack: more, the nearer
    /// it is.
    /// </summary>
    /// <param name="survived">What each rival's pair survives (K).</param>
    /// <param name="budget">The budget r.</param>
    /// <param name="target">The only rival that counts; −1 if all do.</param>
    /// <param name="flipped">The row's vote after the attack.</param>
    /// <param name="softness">The part of a margin within which a rival is near.</param>
    /// <param name="unit">What the row counts for.</param>
    /// <param name="sums">Receives the numbers.</param>
    public void AddLure(
        ReadOnlySpan<Radius> survived, int budget, int target, FlippedVote flipped, double softness, double unit, FlipSums sums)
    {
        int nearest = -1;
        double left = double.PositiveInfinity;
        for (int rival = 0; rival < _classes; rival++)
        {
            _isBreakable[rival] = false;
            if (rival == _winner || (target >= 0 && rival != target) || survived[rival].Survives(budget) || !(_margins[rival] > 0))
                continue;
            double part = flipped.Margin(new Pair(_winner, rival)) / _margins[rival];
            if (part < left)
                (nearest, left) = (rival, part);
        }

        if (nearest < 0 || !IsInRange)
            return;
        double fading = Arithmetic.Exp(-Math.Abs(Math.Clamp(left / softness, -300, 300)));
        double pull = 2 * fading / (1 + fading * fading); // 1/cosh
        (_isBreakable[nearest], _tau[nearest], _inverse[nearest]) = (true, 0, 1 / _margins[nearest]);
        AddCut(pull * pull * unit, sums);
    }

    private static double[] CostsOf(ClassLabels labels, AllowedFlips allowed)
    {
        double[] costs = new double[labels.Count];
        for (int position = 0; position < costs.Length; position++)
            costs[position] = allowed.CostOf(labels.RowsByClass[position]);
        return costs;
    }

    /// <summary>The largest |α| for its cost: no δ is larger for its own.</summary>
    private static double LargestOf(ReadOnlySpan<double> weights, ReadOnlySpan<double> costs)
    {
        int i = 0;
        double largest = 0;
        if (weights.Length >= Vector<double>.Count)
        {
            Vector<double> most = Vector<double>.Zero;
            for (; i <= weights.Length - Vector<double>.Count; i += Vector<double>.Count)
                most = Vector.Max(most, Vector.Abs(new Vector<double>(weights[i..])) / new Vector<double>(costs[i..]));
            for (int lane = 0; lane < Vector<double>.Count; lane++)
                largest = Math.Max(largest, most[lane]);
        }

        for (; i < weights.Length; i++)
            largest = Math.Max(largest, Math.Abs(weights[i]) / costs[i]);
        return largest;
    }

    private static int StepOf(double size, double cost, double scale) => Math.Min((int)(size / cost * scale), Steps - 1);

    /// <summary>Chooses τ for each rival, where every one has a positive margin.</summary>
    private bool TryChoose(int budget, PlayGuide play)
    {
        Gather(play);
        double spread = (play.IsEmpty ? 1 : Spread) * budget / ((double)allowed.TotalCost * Math.Max(1, _classes - 1));
        for (int rival = 0; rival < _classes; rival++)
        {
            if (!_isBreakable[rival])
                continue;
            double margin = _margins[rival];
            if (!(margin > 0))
                return false;
            double size = 0, cost = 0, least = double.PositiveInfinity;
            for (int step = Steps - 1; step >= 0; step--)
            {
                AddSpread(rival, step, spread, ref size, ref cost);
                _play.AddTo(rival, step, 1 - Spread, ref size, ref cost);
                _play.AddTo(_classes, step, 1 - Spread, ref size, ref cost);
                double tau = _largest / Steps * step;
                double left = margin - tau * budget;
                double count = (size - tau * cost) / left;
                if (left > (1 - MostOfMargin) * margin && count < least)
                    (least, _tau[rival]) = (count, tau);
            }

            // Costs times τ are rounded, too: 8ε cover every rounding here and in the cut.
            double divisor = (margin - _tau[rival] * budget * (1 + 8 * Rounding.Epsilon)) * (1 - 8 * Rounding.Epsilon);
            _inverse[rival] = (1 + 16 * Rounding.Epsilon) / divisor;
            if (!(divisor > 0) || !double.IsFinite(_inverse[rival]))
                return false;
        }

        return true;
    }

    /// <summary>All flips alike: what they do to a rival's margin.</summary>
    private void AddSpread(int rival, int step, double part, ref double size, ref double cost)
    {
        const int Positive = 0, Negative = 1;
        _wholes.AddTo(2 * _winner + Positive, step, part, ref size, ref cost);
        _wholes.AddTo(2 * rival + Negative, step, part, ref size, ref cost);
        _halves.AddTo(2 * _winner + Positive, step, part * (_classes - 2), ref size, ref cost);
        _halves.AddTo(2 * rival + Negative, step, part * (_classes - 2), ref size, ref cost);
        for (int other = 0; other < _classes; other++)
        {
            if (other == _winner || other == rival)
                continue;
            _halves.AddTo(2 * other + Positive, step, part, ref size, ref cost);
            _halves.AddTo(2 * other + Negative, step, part, ref size, ref cost);
        }
    }

    /// <summary>What the flips of a play do to each rival's margin.</summary>
    private void Gather(PlayGuide play)
    {
        _play.Clear();
        double scale = Steps / _largest;
        for (int from = 0; from < _classes; from++)
        {
            int first = labels.RangeOf(from).Start.Value;
            ReadOnlySpan<double> weights = _vote!.WeightsOf(from);
            foreach (PlayedFlip flip in play.From(from))
            {
                double weight = weights[flip.Position - first], size = Math.Abs(weight), cost = _costs[flip.Position];
                int whole = StepOf(size, cost, scale), half = whole / 2;
                if (from == _winner ? weight > 0 : flip.Target == _winner && weight < 0)
                {
                    // It helps every rival, and one of them twice.
                    int rival = from == _winner ? flip.Target : from;
                    _play.Add(_classes, half, 0.5 * size, cost, flip.Part);
                    _play.Add(rival, half, 0.5 * size, cost, -flip.Part);
                    _play.Add(rival, whole, size, cost, flip.Part);
                }
                else if (from != _winner && flip.Target != _winner)
                {
                    _play.Add(weight > 0 ? flip.Target : from, half, 0.5 * size, cost, flip.Part);
                }
            }
        }
    }

    /// <summary>What a play counts for by the chosen cut.</summary>
    private double CountOf(PlayGuide play)
    {
        double count = 0;
        for (int from = 0; from < _classes; from++)
        {
            int first = labels.RangeOf(from).Start.Value;
            ReadOnlySpan<double> weights = _vote!.WeightsOf(from);
            foreach (PlayedFlip flip in play.From(from))
                count += flip.Part * CountOf(from, flip.Target, weights[flip.Position - first], _costs[flip.Position]);
        }

        return count;
    }

    private double CountOf(int from, int target, double weight, double cost)
    {
        double size = Math.Abs(weight), count = 0;
        bool isCommon = from == _winner ? weight > 0 : target == _winner && weight < 0;
        int own = from == _winner ? target : from;
        for (int rival = 0; rival < _classes; rival++)
        {
            if (!_isBreakable[rival])
                continue;
            double harm = isCommon ? (rival == own ? size : 0.5 * size)
                : from != _winner && target != _winner && rival == (weight > 0 ? target : from) ? 0.5 * size
                : 0;
            count = Math.Max(count, (harm - _tau[rival] * cost) * _inverse[rival]);
        }

        return Math.Min(1, count);
    }

    private void AddCut(double unit, FlipSums sums)
    {
        bool hasHalves = false;
        for (int rival = 0; rival < _classes; rival++)
            hasHalves |= _isBreakable[rival] && 2 * _tau[rival] < _largest * (1 + 4 * Rounding.Epsilon); // It is a rounded quotient.
        for (int from = 0; from < _classes; from++)
        {
            Range range = labels.RangeOf(from);
            ReadOnlySpan<double> weights = _vote!.WeightsOf(from), costs = _costs.AsSpan(range);
            Span<double> half = _half.AsSpan(0, weights.Length);
            half.Clear();
            if (hasHalves)
            {
                for (int rival = 0; rival < _classes; rival++)
                {
                    if (_isBreakable[rival])
                        RaiseHalves(half, weights, costs, rival);
                }
            }

            for (int target = 0; target < _classes; target++)
            {
                if (!allowed.CanChange(from, target))
                    continue;
                Span<double> column = sums.Into(target).AsSpan(range);
                bool isCommon = from == _winner || target == _winner;
                if (isCommon && (hasHalves || _isBreakable[from == _winner ? target : from]))
                    AddCommon(column, weights, costs, half, from == _winner ? 1 : -1, from == _winner ? target : from, unit);
                else if (!isCommon && hasHalves)
                    AddSingle(column, weights, costs, target, from, unit);
            }
        }
    }

    /// <summary>What half of |α| counts for against some rival: the largest over the rivals.</summary>
    private void RaiseHalves(Span<double> half, ReadOnlySpan<double> weights, ReadOnlySpan<double> costs, int rival)
    {
        int i = 0;
        var inverse = new Vector<double>(_inverse[rival]);
        for (; i <= half.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> harm = 0.5 * Vector.Abs(new Vector<double>(weights[i..]));
            Vector<double> count = (harm - _tau[rival] * new Vector<double>(costs[i..])) * inverse;
            Vector.Max(new Vector<double>(half[i..]), count).CopyTo(half[i..]);
        }

        for (; i < half.Length; i++)
            half[i] = Math.Max(half[i], (0.5 * Math.Abs(weights[i]) - _tau[rival] * costs[i]) * _inverse[rival]);
    }

    /// <summary>Flips that help every rival, and one of them twice.</summary>
    private void AddCommon(
        Span<double> column, ReadOnlySpan<double> weights, ReadOnlySpan<double> costs, ReadOnlySpan<double> half, double sign, int rival,
        double unit)
    {
        double inverse = _isBreakable[rival] ? _inverse[rival] : 0;
        int i = 0;
        for (; i <= column.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> harm = sign * new Vector<double>(weights[i..]);
            Vector<double> count = (harm - _tau[rival] * new Vector<double>(costs[i..])) * inverse;
            count = Vector.ConditionalSelect(
                Vector.GreaterThan(harm, Vector<double>.Zero), Vector.Max(count, new Vector<double>(half[i..])), Vector<double>.Zero);
            (new Vector<double>(column[i..]) + Vector.Ceiling(Vector.Min(count, Vector<double>.One) * unit)).CopyTo(column[i..]);
        }

        for (; i < column.Length; i++)
        {
            double harm = sign * weights[i];
            double count = harm > 0 ? Math.Max(half[i], (harm - _tau[rival] * costs[i]) * inverse) : 0;
            column[i] += Math.Ceiling(Math.Min(1, count) * unit);
        }
    }

    /// <summary>
    /// Flips from one rival to another: they help the one that gains if α is positive, else the one that loses.
    /// </summary>
    private void AddSingle(
        Span<double> column, ReadOnlySpan<double> weights, ReadOnlySpan<double> costs, int gains, int loses, double unit)
    {
        double gained = _isBreakable[gains] ? _inverse[gains] : 0, lost = _isBreakable[loses] ? _inverse[loses] : 0;
        if (gained == 0 && lost == 0)
            return;
        int i = 0;
        for (; i <= column.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> half = 0.5 * new Vector<double>(weights[i..]), cost = new(costs[i..]);
            Vector<double> count = Vector.Max((half - _tau[gains] * cost) * gained, (-half - _tau[loses] * cost) * lost);
            count = Vector.Min(Vector.Max(count, Vector<double>.Zero), Vector<double>.One);
            (new Vector<double>(column[i..]) + Vector.Ceiling(count * unit)).CopyTo(column[i..]);
        }

        for (; i < column.Length; i++)
        {
            double half = 0.5 * weights[i];
            double count = Math.Max((half - _tau[gains] * costs[i]) * gained, (-half - _tau[loses] * costs[i]) * lost);
            column[i] += Math.Ceiling(Math.Clamp(count, 0, 1) * unit);
        }
    }

    /// <summary>δ and cost of flips, in lists, by how large δ is for its cost.</summary>
    private sealed class Histogram(int lists)
    {
        private readonly double[] _sizes = new double[lists * Steps];
        private readonly double[] _costs = new double[lists * Steps];

        public void Clear()
        {
            Array.Clear(_sizes);
            Array.Clear(_costs);
        }

        public void Add(int list, int step, double size, double cost, double part)
        {
            _sizes[list * Steps + step] += part * size;
            _costs[list * Steps + step] += part * cost;
        }

        public void AddTo(int list, int step, double part, ref double size, ref double cost)
        {
            size += part * _sizes[list * Steps + step];
            cost += part * _costs[list * Steps + step];
        }
    }
}
