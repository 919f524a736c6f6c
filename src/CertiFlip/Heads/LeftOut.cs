using CertiFlip.Kernels;

namespace CertiFlip.Heads;

/// <summary>
/// What is left of a training row's similarities where the row itself is left out, in closed form, and what rounding
/// can do to them.
/// </summary>
/// <remarks>
/// Leaving row i out moves the mean, too: in centred rows, with z = (XᵀX + λI)⁻¹xᵢ and Hᵢᵢ = 1/n + xᵢᵀz, row j's
/// product becomes (xⱼᵀz + xᵢᵀz/(n − 1))/(1 − Hᵢᵢ), the row's own n/(n − 1)·xᵢᵀz/(1 − Hᵢᵢ), and z itself z/(1 − Hᵢᵢ).
/// docs/audit.md derives it.
/// </remarks>
/// <param name="Own">What the row weighs on itself in the head of the others.</param>
/// <param name="OfProducts">Bounds the sum of the errors of all products, and so each of them.</param>
/// <param name="OfOwn">Bounds the error of <see cref="Leverage.Product"/>.</param>
/// <param name="OfKept">Bounds the error of <see cref="Leverage.Kept"/>.</param>
internal readonly record struct LeftOut(Leverage Own, double OfProducts, double OfOwn, double OfKept)
{
    /// <summary>
    /// Whether the row is certainly like some others: where it may not be, its weights are anybody's guess.
    /// </summary>
    /// <param name="least">What a row keeps of itself where rounding is all that is left.</param>
    public bool IsLike(double least) => OfOwn <= Own.Product / 4 && Own.Kept > least + OfKept;

    /// <summary>Leaves a row out.</summary>
    /// <param name="products">Its products with all n training rows; becomes those without it, its own 0.</param>
    /// <param name="own">What it weighs on itself in the head of all rows.</param>
    /// <param name="row">Its index.</param>
    /// <param name="errors">What rounding can do in this head.</param>
    /// <exception cref="HeadException">The row cannot be left out.</exception>
    public static LeftOut Of(Span<double> products, Leverage own, int row, RidgeErrors errors)
    {
        double n = products.Length, share = RidgeHead.ShareOfOthers(1 / n + own.Product, row);
        for (int j = 0; j < products.Length; j++)
            products[j] = (products[j] + own.Product / (n - 1)) / share;
        products[row] = 0;
        var left = new Leverage(n / (n - 1) * own.Product / share, own.Penalty / share / share);
        double refit = errors.OfRefit(share);
        double ofOwn = errors.OfClosedForm(share, left.Product) + refit;
        double ofPenalty = 8 * (errors.OfFit + Rounding.Epsilon) * (1 / share + left.Product) / share + (6 / Math.Sqrt(share) + 2) * refit;
        double ofKept = 2 * (ofPenalty + ofOwn) / left.Product + 4 * Rounding.Epsilon;
        return new LeftOut(left, errors.OfClosedForm(share, Elementwise.SumOfMagnitudes(products)) + refit, ofOwn, ofKept);
    }
}
