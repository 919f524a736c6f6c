namespace CertiFlip.Heads;

/// <summary>
/// Which of two systems of equations ridge regression solves. Both give the same label weights up to rounding.
/// </summary>
internal enum RidgeSystem
{
    /// <summary>(XᵀX + λI)⁻¹, k × k.</summary>
    Features,

    /// <summary>(XXᵀ + λI)⁻¹, n × n, where λ allows it: smaller where there are fewer rows than features.</summary>
    Rows,
}
