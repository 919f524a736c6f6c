namespace CertiFlip.Votes;

/// <summary>
/// A pair's moves in the order of <see cref="RankedWeights"/>: the same as those of <see cref="MoveRanks"/>.
/// </summary>
internal ref struct RankedMoves : IMoves
{
    private readonly ReadOnlySpan<double> _negated;
    private readonly ReadOnlySpan<int> _owners;
    private readonly Pair _pair;
    private int _whole = -1, _half = -1;

    public RankedMoves(RankedWeights weights, Pair pair)
    {
        _negated = weights.Negated;
        _owners = weights.Owners;
        _pair = pair;
        SeekWhole();
        SeekHalf();
    }

    /// <summary>The class c of the label that was flipped last: c where αⱼ &gt; 0, ~c where αⱼ &lt; 0.</summary>
    public int Owner { get; private set; }

    /// <inheritdoc/>
    public bool TakeLargest(out double weight, out int halves)
    {
        double whole = _whole < _negated.Length ? -_negated[_whole] : 0;
        double half = _half < _negated.Length ? -_negated[_half] : 0;
        (weight, halves) = 2 * whole >= half ? (whole, 2) : (half, 1);
        if (weight <= 0)
            return false;
        Owner = _owners[halves == 2 ? _whole : _half];
        if (halves == 2)
            SeekWhole();
        else
            SeekHalf();
        return true;
    }

    private void SeekWhole()
    {
        do
            _whole++;
        while (_whole < _owners.Length && _owners[_whole] != _pair.Winner && _owners[_whole] != ~_pair.Rival);
    }

    private void SeekHalf()
    {
        do
            _half++;
        while (_half < _owners.Length && IsOfPair(_owners[_half]));
    }

    private readonly bool IsOfPair(int owner)
    {
        int c = owner < 0 ? ~owner : owner;
        return c == _pair.Winner || c == _pair.Rival;
    }
}

/// <summary>
/// The label weights of a vote by their magnitude, sorted once for all pairs of classes: a part's vote is attacked by
/// every rival, and <see cref="PairMoves"/> would sort again for each.
/// </summary>
internal sealed class RankedWeights
{
    private double[] _negated = [];
    private int[] _owners = [];
    private int _count;

    /// <summary>−|αⱼ| of the weights that are not 0, the largest magnitude first.</summary>
    public ReadOnlySpan<double> Negated => _negated.AsSpan(0, _count);

    /// <summary>For each of them the class c of its label: c where αⱼ &gt; 0, ~c where αⱼ &lt; 0.</summary>
    public ReadOnlySpan<int> Owners => _owners.AsSpan(0, _count);

    public void Load(Vote vote)
    {
        if (_negated.Length < vote.Labels.Count)
            (_negated, _owners) = (new double[vote.Labels.Count], new int[vote.Labels.Count]);
        _count = 0;
        for (int c = 0; c < vote.Labels.ClassCount; c++)
        {
            foreach (double weight in vote.WeightsOf(c))
            {
                if (weight == 0)
                    continue;
                _negated[_count] = -Math.Abs(weight);
                _owners[_count++] = weight > 0 ? c : ~c;
            }
        }

        _negated.AsSpan(0, _count).Sort(_owners.AsSpan(0, _count));
    }
}
