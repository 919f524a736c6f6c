namespace CertiFlip;

/// <summary>Whether a head has an intercept.</summary>
public enum Intercept
{
    /// <summary>
    /// An unregularised intercept: features are centred and every label weight gains 1/n. The weights then sum to 1,
    /// and coding labels as {0, 1} with threshold ½ or as {−1, 1} with threshold 0 is the same rule.
    /// </summary>
    Fitted,

    /// <summary>No intercept, as the paper writes (12). With a large λ every prediction shrinks to class 0.</summary>
    None,
}
