namespace CertiFlip.Attacks;

/// <summary>How training labels are chosen for flipping (paper, appendix C).</summary>
public enum AttackKind
{
    /// <summary>Rows that are labelled as predicted, the nearest to the test row in feature space first.</summary>
    Distance,

    /// <summary>
    /// Rows by how much flipping them raises the test row's loss (Koh and Liang's influence, in closed form), the
    /// largest first.
    /// </summary>
    Influence,

    /// <summary>
    /// Like <see cref="Influence"/>, but classifier and influences are computed again after each flip; after many
    /// flips, after each further sixteenth of them.
    /// </summary>
    InfluenceRecomputed,
}
