using System.Runtime.Intrinsics;

namespace CertiFlip.Kernels;

/// <summary>2 doubles at a time.</summary>
internal readonly struct Lanes128 : ILanes<Vector128<double>>
{
    public static int Count => 2;

    public static Vector128<double> Load(ref readonly double source, nuint index) => Vector128.LoadUnsafe(in source, index);

    public static void Store(Vector128<double> value, ref double destination, nuint index) => value.StoreUnsafe(ref destination, index);

    public static Vector128<double> Broadcast(double value) => Vector128.Create(value);

    public static Vector128<double> Add(Vector128<double> a, Vector128<double> b) => a + b;

    public static Vector128<double> Subtract(Vector128<double> a, Vector128<double> b) => a - b;

    public static Vector128<double> Multiply(Vector128<double> a, Vector128<double> b) => a * b;

    public static Vector128<double> Divide(Vector128<double> a, Vector128<double> b) => a / b;

    public static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) => Vector128.FusedMultiplyAdd(a, b, c);

    public static Vector128<double> Abs(Vector128<double> value) => Vector128.Abs(value);

    public static Vector128<double> Max(Vector128<double> a, Vector128<double> b) => Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    public static Vector128<double> SelectPositive(Vector128<double> value, Vector128<double> positive, Vector128<double> otherwise) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(value, Vector128<double>.Zero), positive, otherwise);

    public static uint AtLeast(Vector128<double> a, Vector128<double> b) => Vector128.GreaterThanOrEqual(a, b).ExtractMostSignificantBits();

    public static Vector128<double> AddToExponent(Vector128<double> value, Vector128<double> shifter) =>
        (value.AsInt64() + (shifter.AsInt64() << 52)).AsDouble();

    public static Vector128<double> NegativeExponential(Vector128<double> a) => NegativeExponential<Lanes128, Vector128<double>>.Of(a);

    public static double Sum(Vector128<double> value)
    {
        double sum = 0;
        for (int lane = 0; lane < Count; lane++)
            sum += value[lane];
        return sum;
    }
}
