namespace CertiFlip.Numerics;

/// <summary>Sums over the label weights α that start every certificate. sⱼ is +1 where label j is 1 and −1 where it is 0.</summary>
/// <param name="Total">Σ αⱼ.</param>
/// <param name="Signed">Σ sⱼαⱼ.</param>
/// <param name="Magnitude">Σ |αⱼ|.</param>
/// <param name="Squares">Σ (scale·αⱼ)², scaled because α² may leave the range of a double.</param>
internal readonly record struct WeightSums(double Total, double Signed, double Magnitude, double Squares)
{
    public static WeightSums operator +(WeightSums a, WeightSums b) =>
        new(a.Total + b.Total, a.Signed + b.Signed, a.Magnitude + b.Magnitude, a.Squares + b.Squares);
}
