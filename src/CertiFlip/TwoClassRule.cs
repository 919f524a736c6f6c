namespace CertiFlip;

/// <summary>
/// How the scores of two classes decide. With three classes or more the largest score always wins, and ties go to the
/// smaller class.
/// </summary>
public enum TwoClassRule
{
    /// <summary>
    /// The paper's: class 1 wins where its score is at least ½, αᵀy ≥ ½. The score of class 0 matters only as far as
    /// label weights sum to 1.
    /// </summary>
    Half,

    /// <summary>
    /// As with more classes: the larger score wins, and ties go to class 0. For label weights of any sum.
    /// </summary>
    LargestScore,
}
