using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Collective;

/// <summary>
/// Looks for the flips that change most by branch and bound, where training and test rows are few: exact where it comes
/// to an end. A branch is left where even rows that could each be broken alone by what is left of the budget would not
/// be enough.
/// </summary>
internal sealed class SmallSearch
{
    /// <summary>So many sums are kept at most: rows × classes × training rows × budget.</summary>
    public const double MostSums = 4e6;

    private const int MostNodes = 200_000;

    private readonly ClassLabels _labels;
    private readonly AllowedFlips _allowed;
    private readonly Row[] _rows;
    private readonly Game _game;
    private readonly int _classes;
    private readonly int _budget;
    private readonly int[] _order;
    private readonly double[][] _most;
    private readonly double[][] _left;
    private readonly double[] _slack;
    private readonly List<CountedFlip> _flips = [];

    // Of rows that are alike, each one's predecessor, or −1; and where a row's label was taken to, or −1.
    private readonly int[] _twins;
    private readonly int[] _targets;
    private int _nodes;

    /// <summary>A search.</summary>
    /// <param name="labels">The n training labels.</param>
    /// <param name="allowed">What the adversary may do; every label costs 1.</param>
    /// <param name="rows">The test rows that some flips within the budget change.</param>
    /// <param name="game">The question.</param>
    public SmallSearch(ClassLabels labels, AllowedFlips allowed, Row[] rows, Game game)
    {
        (_labels, _allowed, _rows, _game, _classes) = (labels, allowed, rows, game, labels.ClassCount);
        _order = [.. Enumerable.Range(0, labels.Count).Where(position => allowed.CanFlip(labels.RowsByClass[position]))];
        Array.Sort([.. _order.Select(position => -Enumerable.Range(0, _classes).Max(target => game.Sums.Into(target)[position]))], _order);
        _budget = Math.Min(game.Budget, _order.Length);
        _twins = TwinsOf();
        _targets = new int[_order.Length];
        Array.Fill(_targets, -1);
        _left = new double[rows.Length][];
        _most = new double[rows.Length][];
        _slack = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Vote vote = rows[i].Vote;
            _left[i] = [.. Enumerable.Range(0, _classes).Select(c => c == rows[i].Winner ? 0 : vote.Margin(new Pair(rows[i].Winner, c)))];
            _most[i] = MostOf(rows[i]);
            _slack[i] = 2 * vote.MarginRounding + 4 * labels.Count * Rounding.Epsilon * vote.Sums.Magnitude;
        }
    }

    /// <summary>Searches; where it comes to an end the question is settled.</summary>
    public void Run()
    {
        if (Visit(0))
            _game.Settle();
    }

    /// <summary>Visits all sets that go on from the flips made, with rows from <paramref name="first"/> on.</summary>
    /// <returns>Whether it came to an end.</returns>
    private bool Visit(int first)
    {
        if (++_nodes > MostNodes)
            return false;
        long found = 0, possible = 0;
        int remaining = _budget - _flips.Count;
        for (int i = 0; i < _rows.Length; i++)
        {
            Row row = _rows[i];
            if (IsChanged(row))
                found += row.Weight;
            if (row.Weight > 0 && CanBreak(i, first, remaining))
                possible += row.Weight;
        }

        _game.Carried([.. _flips], found);
        if (possible <= _game.Found || remaining == 0)
            return true;
        for (int next = first; next < _order.Length; next++)
        {
            // Of rows that are alike the first ones are flipped, and to classes in ascending order.
            int position = _order[next], from = _labels[_labels.RowsByClass[position]], twin = _twins[next];
            if (twin >= 0 && _targets[twin] < 0)
                continue;
            for (int target = twin < 0 ? 0 : _targets[twin]; target < _classes; target++)
            {
                if (!_allowed.CanChange(from, target))
                    continue;
                _targets[next] = target;
                var flip = new CountedFlip(position, target, 0, 1);
                Make(flip, from, 1);
                _flips.Add(flip);
                bool isOver = Visit(next + 1);
                _flips.RemoveAt(_flips.Count - 1);
                Make(flip, from, -1);
                _targets[next] = -1;
                if (!isOver)
                    return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Which rows are alike: they have one label, and the same weight for every test row. Where rows are the same, such
    /// as those of a cluster, only how many of them are flipped matters.
    /// </summary>
    private int[] TwinsOf()
    {
        int[] twins = new int[_order.Length];
        for (int i = 0; i < _order.Length; i++)
            twins[i] = Enumerable.Range(0, i).LastOrDefault(other => AreAlike(_order[i], _order[other]), -1);
        return twins;

        bool AreAlike(int one, int other)
        {
            (int row, int otherRow) = (_labels.RowsByClass[one], _labels.RowsByClass[other]);
            return _labels[row] == _labels[otherRow] && _rows.All(test => test.Vote.Weights[row] == test.Vote.Weights[otherRow]);
        }
    }

    private bool IsChanged(Row row)
    {
        int now = new FlippedVote(row.Vote, _flips).Class;
        return row.Target < 0 ? now != row.Winner : now == row.Target;
    }

    /// <summary>
    /// Whether some rival could come past by so many more flips of rows from <paramref name="first"/> on.
    /// </summary>
    private bool CanBreak(int i, int first, int flips)
    {
        for (int rival = 0; rival < _classes; rival++)
        {
            if (rival == _rows[i].Winner || (_rows[i].Target >= 0 && rival != _rows[i].Target))
                continue;
            if (_left[i][rival] - _most[i][((first * _classes) + rival) * (_budget + 1) + flips] <= _slack[i])
                return true;
        }

        return false;
    }

    private void Make(CountedFlip flip, int from, int sign)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            double weight = sign * _rows[i].Vote.Weights[_labels.RowsByClass[flip.Position]];
            for (int rival = 0; rival < _classes; rival++)
                _left[i][rival] -= 0.5 * weight * Halves(_rows[i].Winner, rival, from, flip.Target);
        }
    }

    private static int Halves(int winner, int rival, int from, int target) =>
        (from == winner ? 1 : 0) - (from == rival ? 1 : 0) - (target == winner ? 1 : 0) + (target == rival ? 1 : 0);

    /// <summary>How far so many flips of rows from each place on can move each rival.</summary>
    private double[] MostOf(Row row)
    {
        double[] most = new double[(_order.Length + 1) * _classes * (_budget + 1)];
        for (int rival = 0; rival < _classes; rival++)
        {
            List<double> moves = [];
            for (int first = _order.Length - 1; first >= 0; first--)
            {
                int trainingRow = _labels.RowsByClass[_order[first]], from = _labels[trainingRow];
                double weight = row.Vote.Weights[trainingRow], best = 0;
                for (int target = 0; target < _classes; target++)
                {
                    if (_allowed.CanChange(from, target))
                        best = Math.Max(best, 0.5 * weight * Halves(row.Winner, rival, from, target));
                }

                int place = moves.BinarySearch(-best);
                moves.Insert(place < 0 ? ~place : place, -best);
                for (int flips = 1; flips <= _budget; flips++)
                {
                    int index = (first * _classes + rival) * (_budget + 1) + flips;
                    most[index] = most[index - 1] - (flips <= moves.Count ? moves[flips - 1] : 0);
                }
            }
        }

        return most;
    }

    /// <summary>A test row of a search.</summary>
    /// <param name="Vote">Its vote.</param>
    /// <param name="Winner">Its predicted class.</param>
    /// <param name="Target">The only class that its prediction must become to count, or −1.</param>
    /// <param name="Weight">What it weighs; below 0 where it counts against the adversary.</param>
    internal sealed record Row(Vote Vote, int Winner, int Target, int Weight);
}
