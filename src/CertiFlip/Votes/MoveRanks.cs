namespace CertiFlip.Votes;

/// <summary>How many of a pair's whole and half moves have been made, when they are made in order of size.</summary>
/// <param name="moves">The moves.</param>
internal struct MoveRanks(PairMoves moves)
{
    /// <summary>Whole moves made.</summary>
    public int Whole { get; private set; }

    /// <summary>Half moves made.</summary>
    public int Half { get; private set; }

    /// <summary>|α| of the next whole move, 0 if none is left that lowers the margin.</summary>
    public readonly double NextWhole => Whole < moves.Whole.Count ? Math.Max(0, moves.Whole[Whole]) : 0;

    /// <summary>|α| of the next half move, 0 if none is left that lowers the margin.</summary>
    public readonly double NextHalf => Half < moves.Half.Count ? moves.Half[Half] : 0;

    /// <summary>Makes the next whole move.</summary>
    public void TakeWhole() => Whole++;

    /// <summary>Makes the next half move.</summary>
    public void TakeHalf() => Half++;

    /// <summary>Makes the larger of the two next moves.</summary>
    /// <param name="weight">|α| of the row whose label is flipped.</param>
    /// <param name="halves">By how many halves of that the margin falls: 2 or 1.</param>
    /// <returns>Whether any move was left that lowers the margin.</returns>
    public bool TakeLargest(out double weight, out int halves)
    {
        double whole = NextWhole, half = NextHalf;
        (weight, halves) = 2 * whole >= half ? (whole, 2) : (half, 1);
        if (weight <= 0)
            return false;
        if (halves == 2)
            TakeWhole();
        else
            TakeHalf();
        return true;
    }
}
