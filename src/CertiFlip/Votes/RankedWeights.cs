namespace CertiFlip.Votes;

/// <summary>
/// The label weights of a vote by their magnitude, sorted once for all pairs of classes: a part's vote is attacked by every rival, where
/// <see cref="PairMoves"/> would sort for each anew.
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
