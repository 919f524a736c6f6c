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
    /// The same, with classifier and influence computed anew after each flip; after many flips, after each sixteenth
    /// part of them.
    /// </summary>
    InfluenceRecomputed,
}
