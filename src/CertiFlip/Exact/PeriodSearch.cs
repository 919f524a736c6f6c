using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Exact;

/// <summary>
/// Finds the shortest period whose labels can change a head's class. Within a period the adversary makes every move
/// that lowers a pair's margin, so what counts is the sum of the moves of consecutive rows: two ends that only move
/// forward find the shortest. Sums that rounding could decide are taken again without rounding.
/// </summary>
internal sealed class PeriodSearch
{
    private readonly int[] _rows;
    private readonly decimal[] _times;
    private readonly int[] _moments; // Which of the different times: quick to compare.
    private readonly ClassLabels _labels;
    private readonly AllowedFlips _allowed;

    // The length of the shortest period that can take away a class; null where the list is stated, or none can.
    private readonly decimal? _losesClass;

    /// <param name="times">The times of the n training rows.</param>
    /// <param name="labels">Their labels.</param>
    /// <param name="allowed">What an adversary may do to labels that it owns.</param>
    public PeriodSearch(IReadOnlyList<decimal> times, ClassLabels labels, AllowedFlips allowed)
    {
        _rows = [.. Enumerable.Range(0, times.Count).OrderBy(row => times[row])];
        _times = [.. _rows.Select(row => times[row])];
        _moments = new int[_times.Length];
        for (int place = 1; place < _times.Length; place++)
            _moments[place] = _moments[place - 1] + (_times[place] == _times[place - 1] ? 0 : 1);
        (_labels, _allowed) = (labels, allowed);
        _losesClass = labels.Classes.IsStated ? null : ShortestOfClasses();
    }

    public PeriodCertificate Of(Vote vote)
    {
        int winner = vote.HeadPrediction;
        DecisivePeriod? weakest = null;
        var moves = new Moves(_rows.Length);
        for (int rival = 0; rival < _labels.ClassCount; rival++)
        {
            if (rival == winner)
                continue;
            var pair = new Pair(winner, rival);
            Load(moves, vote, pair);
            var margin = new PairMargin(vote, pair);
            bool isSure = TryFind(moves, new RoundedLead(margin, moves), pair, weakest, out DecisivePeriod? found);
            if (!isSure)
                TryFind(moves, new ExactLead(margin, moves), pair, weakest, out found);
            weakest = found ?? weakest;
        }

        return new PeriodCertificate(winner, weakest)
        {
            AssumesClasses = _losesClass is { } length && (weakest is null || weakest.Length > length),
        };
    }

    private decimal? ShortestOfClasses()
    {
        decimal? shortest = null;
        foreach (IGrouping<int, int> places in Enumerable.Range(0, _rows.Length).GroupBy(place => _labels[_rows[place]]))
        {
            decimal length = _times[places.Last()] - _times[places.First()];
            if (places.All(place => _allowed.CanFlip(_rows[place])) && !(length >= shortest))
                shortest = length;
        }

        return shortest;
    }

    /// <summary>The moves of a pair that lower its margin, in the order of time.</summary>
    private void Load(Moves moves, Vote vote, Pair pair)
    {
        int classes = _labels.ClassCount;
        int[] ifPositive = [.. Enumerable.Range(0, classes).Select(c => _allowed.Halves(pair, c, isPositive: true))];
        int[] ifNegative = [.. Enumerable.Range(0, classes).Select(c => _allowed.Halves(pair, c, isPositive: false))];
        ReadOnlySpan<double> weights = vote.Weights;
        moves.Clear();
        for (int place = 0; place < _rows.Length; place++)
        {
            int row = _rows[place];
            double weight = weights[row];
            int own = weight > 0 ? ifPositive[_labels[row]] : weight < 0 ? ifNegative[_labels[row]] : 0;
            if (own > 0 && !_allowed.IsTrusted(row))
                moves.Add(place, Math.Abs(weight), own);
        }
    }

    /// <summary>Looks for a period that is shorter than the shortest known one.</summary>
    /// <returns>False where rounding leaves a comparison open.</returns>
    private bool TryFind<TLead>(Moves moves, TLead lead, Pair pair, DecisivePeriod? known, out DecisivePeriod? found)
        where TLead : ILead
    {
        found = null;
        decimal shortest = known?.Length ?? decimal.MaxValue;
        int first = 0;
        for (int last = 0; last < moves.Count; last++)
        {
            lead.Take(last);

            // Rows of one time belong together. Those that follow only add to the period's moves, so that it is enough
            // to look at its end once all of them are there; and its start goes forward by all rows of one time.
            if (last + 1 < moves.Count && MomentOf(moves, last + 1) == MomentOf(moves, last))
                continue;
            while (first <= last)
            {
                int sign = lead.Sign();
                if (sign == 0)
                    return false;
                if (sign > 0)
                    break;
                decimal length = TimeOf(moves, last) - TimeOf(moves, first);
                if (length < shortest)
                {
                    shortest = length;
                    found = new DecisivePeriod(TimeOf(moves, first), TimeOf(moves, last), pair.Rival);
                }

                int start = MomentOf(moves, first);
                while (first <= last && MomentOf(moves, first) == start)
                    lead.GiveBack(first++);
            }
        }

        return true;
    }

    private int MomentOf(Moves moves, int move) => _moments[moves.Places[move]];

    private decimal TimeOf(Moves moves, int move) => _times[moves.Places[move]];

    /// <summary>Who is ahead while the moves of a period are made and taken back.</summary>
    private interface ILead
    {
        void Take(int move);

        void GiveBack(int move);

        /// <summary>1 for the winner, −1 for the rival, 0 where rounding leaves it open.</summary>
        int Sign();
    }

    /// <summary>Moves in the order of time.</summary>
    private sealed class Moves(int most)
    {
        public int[] Places { get; } = new int[most];

        public double[] Weights { get; } = new double[most];

        public int[] Halves { get; } = new int[most];

        public int Count { get; private set; }

        public void Clear() => Count = 0;

        public void Add(int place, double weight, int halves) =>
            (Places[Count], Weights[Count], Halves[Count++]) = (place, weight, halves);
    }

    /// <summary>In doubles: two sums that only grow, and a margin for what both rounded off.</summary>
    private sealed class RoundedLead(PairMargin margin, Moves moves) : ILead
    {
        private double _taken, _returned;
        private int _count;

        public void Take(int move) => (_taken, _count) = (_taken + Size(move), _count + 1);

        public void GiveBack(int move) => (_returned, _count) = (_returned + Size(move), _count + 1);

        public int Sign()
        {
            double left = margin.Value - (_taken - _returned);
            double rounding = margin.Rounding + (_count + 2) * Rounding.Epsilon * (_taken + _returned);
            return Math.Abs(left) <= rounding ? 0 : Math.Sign(left);
        }

        private double Size(int move) => 0.5 * moves.Halves[move] * moves.Weights[move];
    }

    /// <summary>Without rounding, on twice the margin.</summary>
    private sealed class ExactLead(PairMargin margin, Moves moves) : ILead
    {
        private readonly ExactSum _left = margin.Exact();

        public void Take(int move) => _left.Add(moves.Weights[move], -moves.Halves[move]);

        public void GiveBack(int move) => _left.Add(moves.Weights[move], moves.Halves[move]);

        public int Sign() => _left.Sign() is var sign and not 0 ? sign : margin.IsKeptOnTie ? 1 : -1;
    }
}
