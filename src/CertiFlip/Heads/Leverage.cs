namespace CertiFlip.Heads;

/// <summary>
/// How much a test row x weighs on itself in ridge regression: with z = (XᵀX + λI)⁻¹x, what a training row at the same
/// place would weigh.
/// </summary>
/// <param name="Product">xᵀz.</param>
/// <param name="Penalty">
/// λzᵀz, the part of it that regularisation accounts for: what is left, zᵀXᵀXz, is the sum of the squared weights of
/// all training rows.
/// </param>
internal readonly record struct Leverage(double Product, double Penalty)
{
    /// <summary>
    /// zᵀXᵀXz/xᵀz: 1 without regularisation, near 0 with much, 0 for a row at right angles to all training rows, or at
    /// their mean.
    /// </summary>
    public double Kept => Product > 0 ? Math.Clamp(1 - Penalty / Product, 0, 1) : 0;

    /// <summary>Adds what one feature contributes.</summary>
    public Leverage Plus(double x, double z, double penalty) => new(Product + x * z, Penalty + penalty * z * z);
}
