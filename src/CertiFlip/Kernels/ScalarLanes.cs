using System.Runtime.CompilerServices;

namespace CertiFlip.Kernels;

/// <summary>One double at a time: the twin every vector kernel is held against, and what runs where there are no vector instructions.</summary>
internal readonly struct ScalarLanes : ILanes<double>
{
    public static int Count => 1;

    public static double Load(ref readonly double source, nuint index) => Unsafe.Add(ref Unsafe.AsRef(in source), index);

    public static void Store(double value, ref double destination, nuint index) => Unsafe.Add(ref destination, index) = value;

    public static double Broadcast(double value) => value;

    public static double Add(double a, double b) => a + b;

    public static double Subtract(double a, double b) => a - b;

    public static double Multiply(double a, double b) => a * b;

    public static double Divide(double a, double b) => a / b;

    public static double MultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    public static double Abs(double value) => Math.Abs(value);

    public static double Max(double a, double b) => a > b ? a : b;

    public static double SelectPositive(double value, double positive, double otherwise) => value > 0 ? positive : otherwise;

    public static uint AtLeast(double a, double b) => a >= b ? 1u : 0;

    public static double AddToExponent(double value, double shifter) =>
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) + (BitConverter.DoubleToInt64Bits(shifter) << 52));

    public static double NegativeExponential(double a) => NegativeExponential<ScalarLanes, double>.Of(a);

    public static double Sum(double value) => value;
}
