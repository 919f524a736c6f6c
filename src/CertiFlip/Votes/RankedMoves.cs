namespace CertiFlip.Votes;

/// <summary>Makes a pair's moves one by one, the largest first: the same as <see cref="PairMoves"/> and <see cref="MoveRanks"/> say.</summary>
internal ref struct RankedMoves
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

    /// <summary>|α| of the move made last.</summary>
    public double Weight { get; private set; }

    /// <summary>By how many halves of that the margin fell: 2 or 1.</summary>
    public int Halves { get; private set; }

    /// <summary>The class c of the label flipped: c where αⱼ &gt; 0, ~c where αⱼ &lt; 0.</summary>
    public int Owner { get; private set; }

    /// <summary>Makes the next move.</summary>
    /// <returns>Whether any was left that lowers the margin.</returns>
    public bool TakeLargest()
    {
        double whole = _whole < _negated.Length ? -_negated[_whole] : 0;
        double half = _half < _negated.Length ? -_negated[_half] : 0;
        if (whole == 0 && half == 0)
            return false;
        if (2 * whole >= half)
        {
            (Weight, Halves, Owner) = (whole, 2, _owners[_whole]);
            SeekWhole();
        }
        else
        {
            (Weight, Halves, Owner) = (half, 1, _owners[_half]);
            SeekHalf();
        }

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
