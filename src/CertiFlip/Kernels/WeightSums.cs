namespace CertiFlip.Kernels;

/// <summary>Sums over label weights α that start every certificate.</summary>
/// <param name="Total">Σ αⱼ.</param>
/// <param name="Magnitude">Σ |αⱼ|.</param>
/// <param name="Squares">Σ (scale·αⱼ)², scaled because α² may leave the range of a double.</param>
internal readonly record struct WeightSums(double Total, double Magnitude, double Squares)
{
    public static WeightSums operator +(WeightSums a, WeightSums b) =>
        new(a.Total + b.Total, a.Magnitude + b.Magnitude, a.Squares + b.Squares);
}
